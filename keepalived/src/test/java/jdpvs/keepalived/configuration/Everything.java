package jdpvs.keepalived.configuration;

/** A configuration that says something to nearly every key that has a meaning. */
final class Everything {
    static final String TEXT = """
            global_defs {
                router_id "load balancer 1"
                notification_email {
                    ops@example.com
                    night@example.com
                }
                notification_email_from lb@example.com
                smtp_server 192.0.2.25 2525
                smtp_helo_name lb.example.com
                smtp_connect_timeout 7.5
                smtp_alert on
                smtp_alert_checker off
                script_user nobody nogroup
                enable_script_security
                notify_fifo /run/all
                notify_fifo_script "/usr/bin/reader -v"
                vrrp_notify_fifo /run/vrrp
                lvs_notify_fifo /run/lvs
                rs_init_notifies
                vrrp_version 3
                vrrp_mcast_group4 224.0.0.19
                vrrp_mcast_group6 ff02::13
                vrrp_garp_master_delay 2
                vrrp_garp_master_repeat 3
                vrrp_garp_master_refresh 60
                vrrp_garp_master_refresh_repeat 2
                vrrp_garp_lower_prio_delay 4
                vrrp_garp_lower_prio_repeat 6
                vrrp_garp_interval 0.001
                vrrp_gna_interval 0.000001
                vrrp_lower_prio_no_advert
                vrrp_higher_prio_send_advert yes
                vrrp_strict off
                vrrp_skip_check_adv_addr
                vrrp_check_unicast_src
                vrrp_startup_delay 1.5
                vrrp_rt_priority 50
                vrrp_notify_priority_changes
                default_interface d0.kni
                lvs_flush
                checker_log_all_failures
            }
            local_address_group lips {
                192.0.2.21 d1
                192.0.2.30-32 d1
                2001:db8:7::21-22 d1
            }
            deny_address_group bad {
                198.51.100.7
                198.51.100.10-20
                ipset:worse
            }
            allow_address_group nobody_in_it {
            }
            vrrp_script chk {
                script "/usr/bin/check 'a b' c\\"d"
                interval 0.5
                timeout 2
                weight -20
                rise 2
                fall 3
                user root root
                init_fail
            }
            vrrp_track_file load {
                file /run/load
                weight 2 reverse
            }
            vrrp_track_process web {
                process nginx -g "daemon off;"
                weight 10
                quorum 2
                quorum_max 4
                delay 1
                fork_delay 2
                full_command
            }
            vrrp_instance V4 {
                state BACKUP
                interface d0.kni
                dpdk_interface d0
                virtual_router_id 51
                priority 150
                advert_int 0.25
                unicast_src_ip 192.0.2.2
                unicast_peer {
                    192.0.2.3
                    192.0.2.4
                }
                virtual_ipaddress {
                    203.0.113.10/24 brd + dev d0 scope link label d0:1
                    203.0.113.11 no_track
                }
                virtual_ipaddress_excluded {
                    2001:db8::10
                }
                virtual_routes {
                    default via 203.0.113.1
                    198.51.100.0/24 via 203.0.113.2 dev d1 src 203.0.113.10 metric 5
                    src 203.0.113.10 to 10.9.0.0/16 dev d0 scope link
                }
                preempt_delay 30
                track_interface {
                    d1.kni weight -10
                    d2.kni
                }
                track_script {
                    chk
                }
                track_file {
                    load weight -5
                }
                track_process {
                    web
                }
                dont_track_primary
                garp_master_delay 1
                garp_master_repeat 2
                garp_master_refresh 10
                garp_master_refresh_repeat 3
                garp_lower_prio_delay 0
                garp_lower_prio_repeat 0
                lower_prio_no_advert off
                higher_prio_send_advert off
                skip_check_adv_addr off
                check_unicast_src off
                strict_mode off
                notify_master "/usr/bin/n master" root
                notify_backup "/usr/bin/n backup" nobody nogroup
                notify_fault "/usr/bin/n fault"
                notify_stop "/usr/bin/n stop"
                notify_master_rx_lower_pri "/usr/bin/n lower"
                notify "/usr/bin/n"
                smtp_alert off
                notify_priority_changes off
            }
            vrrp_instance V6 {
                virtual_router_id 51
                dpdk_interface d0
                nopreempt
                virtual_ipaddress {
                    fe80::51
                    2001:db8::51/64
                }
            }
            vrrp_sync_group G {
                group {
                    V4
                    V6
                }
                track_script {
                    chk weight 5 reverse
                }
                sync_group_tracking_weight
                notify "/usr/bin/n"
            }
            static_ipaddress {
                192.0.2.28/24 dev d0 scope host
            }
            static_routes {
                192.0.2.0/24 dev d0
                default via 2001:db8::1 dev d0
            }
            virtual_server_group web {
                203.0.113.10 80
                203.0.113.10-12 443
            }
            virtual_server group web {
                protocol tcp
                lb_algo conhash
                lb_kind FNAT
                hash_target sip
                laddr_group_name lips
                daddr_group_name bad
                waddr_group_name nobody_in_it
                syn_proxy
                expire_quiescent_conn
                establish_timeout 900
                proxy_protocol v2
                persistence_timeout
                persistence_granularity 24
                quorum 11
                hysteresis 2
                quorum_up "/usr/bin/q up"
                quorum_down "/usr/bin/q down"
                sorry_server 192.0.2.99 8080
                sorry_server_inhibit
                omega
                ha_suspend
                weight 10
                inhibit_on_failure
                virtualhost www.example.com
                alpha
                delay_loop 5
                retry 2
                delay_before_retry 0.5
                warmup 0
                connect_timeout 1.5
                real_server 192.0.2.11 8080 {
                    weight 20
                    uthreshold 1000
                    lthreshold 900
                    notify_up "/usr/bin/n up"
                    notify_down "/usr/bin/n down" root
                    smtp_alert
                    HTTP_GET {
                        url {
                            path "/a?b=${c}#d"
                            status_code 200 301-302
                            digest 0123456789ABCDEF0123456789abcdef
                            virtualhost a.example.com
                        }
                        url {
                            path /
                            regex "^[a-z]{3}\\d+$"
                            regex_no_match
                            regex_options caseless dotall
                            regex_min_offset 1
                            regex_max_offset 100
                        }
                        http_protocol 1.1
                        fast_recovery
                        connect_ip 192.0.2.12
                        connect_port 81
                        bindto 192.0.2.2
                        bind_port 1024
                        bind_if d1.kni
                        fwmark 3
                        retry 4
                        log_all_failures off
                    }
                    SSL_GET {
                        url { path / }
                        enable_sni
                        nb_get_retry 7
                        alpha off
                    }
                }
                real_server 192.0.2.12 8080 {
                    inhibit_on_failure off
                    TCP_CHECK {
                    }
                    SMTP_CHECK {
                        helo_name me
                        host { connect_port 25 }
                    }
                    DNS_CHECK {
                        type txt
                        name example.com
                        connect_port 53
                    }
                    MISC_CHECK {
                        misc_path "/usr/bin/misc -a"
                        misc_timeout 3
                        misc_dynamic
                        user nobody
                    }
                    PING_CHECK {
                    }
                }
            }
            virtual_server 2001:db8::10 53 {
                lb_algo wrr
                lvs_method DR
                quic
                ops
                real_server 2001:db8:1::1 53 {
                    UDP_CHECK {
                        payload "\\x00 abc"
                        require_reply ok
                        min_reply_length 2
                        max_reply_length 512
                    }
                }
                real_server 2001:db8:1::2 {
                    lvs_method TUN
                }
            }
            """;

    private Everything() {}
}
