create foreign data wrapper w;
create server s foreign data wrapper w options (password 'two', host 'b', auth_token 'x');
